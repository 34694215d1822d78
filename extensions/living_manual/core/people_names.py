"""Given names and family names that people in schools often have; no list is ever whole.

Chosen from the most common names of the 1990 census of the United States (public domain) and of
the lists for several countries in the Faker package (MIT licence), without accents. Names that are
also words or places stand apart, for they count only beside another sign of a person.
"""

from __future__ import annotations

_NAMES = """
Aachal Aadhya Aadi Aahana Aaliyah Aanuoluwapo Aarav Aarini Aarna Aarnav Aaron Aarush Aashi Aayush
Abayomi Abbi Abbie Abby Abdul Abebi Abeer Abel Abena Abeni Abha Abhimanyu Abhiram Abigail Abiodun
Abiona Abosede Achille Adaeze Adam Adamo Adebiyi Adebowale Adebukola Adedayo Adedeji Adekitan
Adekola Adekunle Adelasia Adele Adeleke Adelmo Adenike Adeniyi Adeolu Adeoti Adepeju Aderopo
Adesewa Adesua Adetoke Adetoun Aditya Adrian Adriana Adrianna Adriano Adrienne Adunni Advaith
Advay Advik Advika Adweta Adya Aedan Agastya Agatha Agnes Agnieszka Agnolo Agostino Ahmed Aidan
Aideen Aiden Aileen Ailis Aimee Aine Aisha Aishani Aisling Aislinn Ajoke Akshay Alan Alana Alanis
Alanna Alannah Alastair Alberico Albert Alberto Alderano Aldo Alec Alejandra Alejandro Aleksander
Alessandra Alessandro Alessia Alessio Alex Alexa Alexander Alexandra Alexandre Alexia Alexis Alfio
Alfred Alfredo Ali Alice Alicia Alina Alisha Alison Alistair Alister Alix Alka Allan Allana
Allegra Allen Allison Alma Alphons Alvin Alyssa Ama Amadeo Amahle Amaira Amalia Amanda Amara
Amarachi Amedeo Amelia Amelie Amico Amie Amin Amina Amir Amira Amleto Amoke Amol Amope Amrita
Amruta Amy Ana Anamika Ananya Anastazja Anay Andile Andre Andrea Andres Andrew Andy Angela
Angelica Angelina Angelo Angie Angus Anh Aniela Anika Anirudh Anita Anjali Anmol Ann Anna Annabel
Annalisa Annamaria Anne Annetta Annette Annibale Annie Annunziata Ansaldo Ansh Anthony Antoin
Antoine Anton Antonella Antonello Antoni Antonia Antonietta Antonina Antonino Antonio Antony
Anusha Anvi Anya Aodhan Aradhana Arham Arie Arin Arjun Arlene Armando Arnaldo Arnold Arnulfo Aron
Arran Arron Arsenio Arthur Arturo Arunima Arya Aryan Asafe Ashlee Ashley Astrid Atfat Atharv
Atheel Attaf Audrey Augusto Auraq Avi Avni Awadil Awamil Awamiri Awan Awani Awlya Awmar Awrad
Ayaan Ayamin Ayden Ayla Aylla Ayoub Aysar Ayse Ayush Ayushman Ayyubi Azaan Azad Azban Azeeb
Baashir Bachittar Badawi Baghyawati Bahadurjit Bailie Bairbel Bakhshi Balendra Balhaar Baljiwan
Balvan Balveer Bambad Bandile Banjeet Barbara Barkha Barry Bart Bartek Beatrice Beatriz Becky
Belinda Bella Ben Benicio Benjamim Benjamin Benn Benoit Berenice Berezat Bernard Bernardo Bernice
Bertha Bessie Beth Bethany Bettina Betty Beverley Beverly Bhanumati Bhavani Bhavika Bhavini Bhavna
Bhavya Bhekani Bhekisisa Bhekizizwe Bhekokwakhe Bianca Billie Billy Bimala Bina Birgitta Birousk
Bishakha Bizhan Bjorn Blaine Blanche Blanka Bobbie Bobby Bonnie Brad Bradley Brady Brandi Brandon
Brayan Breanna Brenda Brendan Breno Brett Brian Briana Brianna Bridget Brijesh Brinda Brittany
Brittney Brooke Bruce Bruna Bruno Bryan Bryce Buraid Busisiwe Byron Caio Caitlin Caitlyn Caleb
Calebe Callum Calvin Cameron Camila Camilla Camille Candace Candice Carl Carla Carlos Carly Carmen
Carole Caroline Carolyn Carrie Casey Cassandra Cassidy Catarina Catherine Cathy Caua Caue Cecil
Cecilia Cesar Chaaya Chaitaly Chaitanya Chakradev Chakradhar Chakrika Chamali Chaman Chameli
Champak Chanakya Chanchal Chandani Chandran Chandresh Changaz Chantal Charan Charita Charlene
Charles Charlesh Charlie Charvi Chashida Chasmum Chatresh Chatura Chavvi Chawish Cheragh Cheryl
Chester Chiamaka Chibuzo Chidimma Chinedu Chinelo Chloe Chris Christina Christine Christopher
Chukwudi Chukwuemeka Cindy Claire Clara Clare Clarence Clarice Claude Claudia Clayton Clifford
Clifton Clinton Clive Clyde Cody Colin Colleen Collin Colton Connie Connor Cora Corey Cornelius
Cory Courtney Craig Cristian Curtis Cynthia Daksh Daksha Dakshesh Dalaja Dalbir Dalton Damini
Damon Damyanti Dan Dana Daniel Daniela Danielle Danilo Danny Dante Darain Darika Darin Darius
Darlene Darpan Darrell Darren Darryl Darsh Daryl Dastageer Dave Davi David Dawid Dayamai Dayita
Dayyaan Deanna Debbie Deborah Debra Deepa Delores Denise Dennis Derek Derrick Desiree
Devansh Devika Devin Devon Dhriti Dhruv Diana Diane Dianne Diego Dillon Diogo Dipta Divya Diya
Dmitri Dolores Dominic Dominik Dominique Donald Donna Donnie Dora Doris Dorota Dorothy Doug
Douglas Duane Duc Dumisani Dumisile Durab Dustin Dwayne Dwight Dylan Ebuka Eddie Edgar Edhitha
Edith Edna Eduarda Eduardo Edward Edwin Eesha Eileen Eiravati Ejlaal Ekaja Ekalinga Ekani Ekansh
Ekanta Ekene Elaf Elaine Eleanor Elif Elijah Elisa Elisabet Elisabeth Elizabeth Ella Ellen Elmer
Eloah Eloise Elsie Emeka Emilie Emily Emma Emmanuel Emre Enrique Eric Erica Erik Erika Erin
Esfandyar Esperanza Esther Ethan Ethel Etienne Etizaaz Eugene Eunice Eva Evan Evelyn Everett Ewa
Fahmi Faizan Fatima Faye Felicia Felix Fernanda Fernando Filip Fiona Floyd Frances Francis
Francisco Franciszek Francois Franz Fred Freddie Frederick Fredrick Freya Gabriel Gabriela
Gabriella Gabrielle Gail Gareth Garrett Gary Gemma Genevieve Geoffrey George Georgina Gerald
Geraldine Gerard Gertrude Gilbert Gilles Gillian Gina Gladys Glenda Glenn Gloria Gordon Graham
Greg Gregg Gregory Greta Guadalupe Gugu Gugulethu Guillaume Gunnar Gwendolyn Hailey Haley Hamza
Hannah Hans Harold Harriet Harry Haruto Harvey Hattie Hayden Hayley Hector Heidi Helen Helene
Henry Herbert Herman Hilda Howard Hubert Hugh Hui Huzaifa Ian Ibrahim Ida Ifeanyi Ifeoma Ifunanya
Igor Ikenna Inez Ingrid Irene Irma Isaac Isabel Isabella Isabelle Isaiah Ivan Jabulani Jackie
Jackson Jaclyn Jacob Jacqueline Jacques Jaime Jake Jakub Jamal James Jamie Jane Janet Janice Jared
Jason Javier Jaxon Jayden Jeanette Jeanne Jeff Jeffery Jeffrey Jenna Jennie Jennifer Jeremiah
Jeremy Jermaine Jerome Jerry Jesse Jessica Jessie Jesus Jillian Jim Jimmie Jimmy Jing Jiwoo Joan
Joann Joanna Joanne Jocelyn Jodi Jody Joe Joel Joey Johan John Johnathan Johnnie Johnny Jon
Jonathan Jonathon Jorge Jose Josefina Joseph Josephine Joshua Joyce Juan Juana Juanita Judith Judy
Julia Julian Julie Juliet Julio Julius Jurgen Justin Justyna Kacper Kaitlin Kaitlyn Kaja Kalina
Kamil Kamila Kara Karen Kari Karin Karina Karl Karol Kate Katelyn Katherine Kathleen Kathryn Kathy
Katie Katrina Kay Kayla Kaylee Keith Kelli Kelly Kelsey Kendra Kenji Kenneth Kenny Kerry Kevin
Khadija Khanyisile Kieran Kim Kimberley Kimberly Kirsty Klara Klaus Kofi Kornelia Krista Kristen
Kristi Kristin Kristina Kristine Kristopher Kristy Krystal Krzysztof Kurt Kwame Kyle Kylie Lacey
Lakeisha Langalibalele Larry Lars Latisha Latoya Laura Lauren Laurie Lawrence Lea Leah Leanne Lena
Lennart Leo Leon Leona Leonard Leroy Lesley Leslie Lester Leticia Levi Lewis Liam Lidia Lilian
Lillian Lillie Linda Lindsay Lindsey Linh Linnea Lisa Lloyd Logan Lois Lonnie Loretta Lori
Lorraine Louis Louise Luc Lucas Lucia Lucille Lucy Luis Luke Lungile Luther Luyanda Lwandile Lydia
Lyle Lynda Lynn Lynne Mabel Maciej Mackenzie Madeline Mae Makayla Maksymilian Malcolm Malik
Mallory Malwina Mandla Mandlakhe Manon Manuel Marc Marcelina Marcia Marco Marcus Margaret
Margareta Margarita Margie Marguerite Maria Mariah Marian Mariana Marianna Marie Marika Marilyn
Mario Marion Marissa Marjorie Marlene Marsha Martha Martin Marvin Mary Mateo Mateusz Mathew
Mathieu Mathilde Matthew Mattie Maureen Maurice Maxime Maxine Maxwell Meagan Megan Meghan Mehmet
Melanie Melinda Melissa Melvin Meredith Mia Michael Michaela Micheal Michel Michele Michelle
Miguel Mikael Mike Mildred Milton Ming Minh Minjun Minnie Miranda Miriam Mitchell Mohamed Mohammad
Mohammed Monica Monika Monique Morgan Morris Moses Muhammad Mustafa Nancy Naomi Natalie Natasha
Natasza Nathalie Nathan Nathaniel Neil Nela Nellie Ngozi Nicholas Nichole Nicola Nicolas Nicole
Nigel Nils Nina Nkiruka Nnamdi Nneka Noah Nomsa Nonso Nora Norma Norman Obianuju Obinna Ogechi
Olga Oliver Olivia Olivier Oliwier Olof Oluchi Omar Onyinye Oscar Oskar Otis Pamela Paola Pascale
Patricia Patrick Patryk Paul Paula Pauline Pedro Peggy Peter Philip Phillip Phyllis Pierre Piotr
Priscilla Priya Rachael Rachel Rafael Ralph Ramon Ramona Randall Randy Raphael Raul Rayan Raymond
Rebecca Rebekah Reece Reginald Renata Rene Renee Rhonda Rhys Ricardo Richard Rickey Ricky Riley
Rita Robert Roberta Roberto Rodney Roger Rohaan Rohan Roksana Roland Ron Ronald Ronnie Rosa Rosie
Ross Roy Ruben Russell Ruth Ryan Sabrina Sakura Sally Salvador Sam Samantha Samuel Sandra Santiago
Sara Sarah Scott Sean Sebastien Sergio Seth Shane Shanice Shannon Shari Sharon Shaun Shawn Sheila
Shelby Shelley Shelly Sheri Sherri Sheryl Shirley Sidney Sipho Sofia Somtochukwu Sonia Sonya
Sophia Sophie Spencer Stacey Stanley Stella Stephane Stephanie Stephen Steve Steven Stuart Susan
Suzanne Sven Svetlana Sylvia Sylvie Szymon Tabitha Tamara Tammie Tammy Tanya Tara Ted Terence
Teresa Terrance Terrence Terri Terry Thabo Thelma Theodore Theresa Thiago Thomas Thuy Tiffany Tim
Timothy Tina Todd Tom Tomasz Tommy Toni Tony Tonya Tracey Traci Tracy Travis Trevor Tricia Tristan
Tyrone Uche Uchenna Ujunwa Urszula Valentina Valerie Vanessa Velma Vera Vernon Veronica Veronique
Vicki Vickie Victor Vincent Virgil Vivian Wallace Walter Wanda Wanjiru Wayne Wei Wendell Wendy
Wesley Whitney Wiktor Willard William Willie Wilma Wojciech Wyatt Xavier Xiao Ximena Xochitl
Yolanda Yuki Yusuf Yves Yvette Yvonne Zachary Zainab Zeynep Zoe
"""

_FAMILY_NAMES = """
Abdi Adams Adeyemi Alvarez Anderson Andrews Armstrong Barnes Barnett Barrett Beaulieu Bennett
Bergeron Bouchard Boyd Bryant Byrd Caldwell Campbell Carlson Carr Castillo Castro Chavez Chen Choi
Clark Coleman Crawford Cruz Cunningham Daniels Davis Dawson Diaz Dixon Duncan Dunn Edwards Elliott
Ellis Evans Ferguson Fernandez Ferrari Flores Frazier Gagnon Garcia Garza Gauthier Gibson Gomez
Gonzales Gonzalez Greene Gupta Gutierrez Guzman Hansen Hanson Harris Hassan Hawkins Hayes Haynes
Henderson Hernandez Herrera Hoang Hoffman Holmes Hopkins Horton Howell Huang Hughes Hussain Ivanov
Jacobs Jenkins Jennings Jensen Jimenez Johansson Johnson Johnston Jones Kaur Kelley Khan Kowalski
Larson Lavoie Lawson Liu Lopez Lowe Martinez Matthews Medina Mendez Mendoza Mensah Meyer Moore
Moreno Morrison Muller Mullins Munoz Murray Myers Neal Nguyen Nichols Norris Nowak Okafor Oliveira
Olson Ortiz Owens Patel Patterson Payne Pearson Pelletier Pena Perez Perkins Peterson Petrov Pham
Phillips Powell Ramirez Ramos Ramsey Reyes Reynolds Rhodes Richards Richardson Rivera Roberts
Robertson Robinson Rodriguez Rodriquez Romero Rossi Ruiz Sanchez Santos Schmidt Schneider Schultz
Sharma Shelton Silva Simmons Singh Snyder Soto Stephens Stevens Stewart Sullivan Sutton Suzuki
Tanaka Thompson Torres Tran Tremblay Vargas Vasquez Vaughn Wagner Walsh Walters Wang Watkins
Watson Webb Weber Williamson Willis Wilson Wolfe Yang Yoon Zhang Zhao
"""

_NAMES_AND_WORDS = """
Ada Alexandria Amber Angel Apollo April Aria Ariel Art August Aurora Austin Autumn Bailey Bill
Blake Blessing Bob Brandy Brent Buddy Carol Carolina Chad Charity Charlotte Chase Chelsea Cheyenne
Christian Christy Clay Cliff Cole Comfort Constance Crystal Daisy Dakota Dale Dawn Dean Destiny
Don Drew Earl Ernest Faith Florence Frank Franklin Gavin Gene Geneva Georgia Ginger Glen Grace
Grant Guy Hazel Heather Holly Homer Hope Hunter Iris Ivy Jack Jade Jan Jasmine Jay Jean Jenny Jill
Jo Jordan Joy June Kelvin Ken Kent Kirk Lance Lee Lily Madison Mark Marshall Mason Matt Max May
Mercy Miles Misty Molly Myrtle Nelson Nick Olive Page Paige Parker Pat Patience Patsy Peace Pearl
Penny Perry Preston Purity Ray Reed Regina Rich Rick Robin Rose Rosemary Ruby Sandy Savannah
Sherry Sierra Simon Stacy Sue Summer Sydney Tanner Troy Tyler Victoria Viola Violet Virginia Wade
Warren Will
"""

#: Names that hardly mean anything else.
NAMES: frozenset[str] = frozenset(_NAMES.split())
#: Family names that hardly mean anything else; `Mc`, `Mac` and `O'` need no list.
FAMILY_NAMES: frozenset[str] = frozenset(_FAMILY_NAMES.split())
#: Names that are also words, months, trees or places.
NAMES_AND_WORDS: frozenset[str] = frozenset(_NAMES_AND_WORDS.split())
